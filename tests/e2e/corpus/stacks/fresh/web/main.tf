variable "cluster" {
  type = string
}

variable "image" {
  type = string
}

variable "tags" {
  type = map(string)
}

variable "jobs" {
  type    = string
  default = "none"
}

locals {
  tags = merge(var.tags, { Jobs = var.jobs })
}

resource "aws_ecs_task_definition" "this" {
  family       = "fresh-web"
  track_latest = true

  container_definitions = jsonencode([
    { name = "web", image = "${var.image}-web", memory = 128, environment = [{ name = "JOBS", value = var.jobs }] },
  ])
}

resource "aws_ecs_service" "this" {
  name            = "web"
  cluster         = var.cluster
  task_definition = aws_ecs_task_definition.this.arn
  tags            = local.tags
}
