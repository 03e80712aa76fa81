variable "cluster" { type = string }
variable "name" { type = string }

resource "aws_ecs_task_definition" "this" {
  family                = "layouts-${var.name}"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = var.cluster
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = 1
}

resource "aws_ecs_service" "autoscaled" {
  name            = "${var.name}-autoscaled"
  cluster         = var.cluster
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = 1

  lifecycle {
    ignore_changes = [desired_count]
  }
}
