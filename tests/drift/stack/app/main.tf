variable "name" {
  type = string
}

variable "cluster" {
  type = string
}

variable "task_definition" {
  type = string
}

variable "subnet" {
  type = string
}

resource "aws_ecs_service" "this" {
  count = 1

  name            = var.name
  cluster         = var.cluster
  task_definition = var.task_definition
  desired_count   = 2
  launch_type     = "FARGATE"

  network_configuration {
    subnets          = [var.subnet]
    assign_public_ip = false
  }

  lifecycle {
    ignore_changes = [desired_count, network_configuration[0].assign_public_ip]
  }
}
