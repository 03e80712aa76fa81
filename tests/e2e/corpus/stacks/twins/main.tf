# Applied three times, as the CLI workspaces `red`, `blue` and `green`.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_ecs_cluster" "this" {
  name = "twins-${terraform.workspace}"
}

resource "aws_ecs_task_definition" "app" {
  family                = "twins-${terraform.workspace}"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = terraform.workspace == "red" ? 1 : 2
}
