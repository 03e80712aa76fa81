# Code that gives values of new resources beside others: a plan knows nothing of such a map or document as a whole.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Stack = "fresh" }
  }
}

resource "aws_ecs_cluster" "main" {
  name = "fresh"
}

resource "aws_ecs_task_definition" "app" {
  family                = "fresh-app"
  container_definitions = jsonencode([{ name = "app", image = "app:1", memory = 128 }])
}

# The code gives no platform version, in many words.
variable "pinned" {
  type    = bool
  default = false
}

variable "settings" {
  type    = object({ size = number, platform = optional(string) })
  default = { size = 1 }
}

locals {
  fargate = { size = 1 }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_ecs_task_definition" "fargate" {
  family                   = "fresh-fargate"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  container_definitions    = jsonencode([{ name = "app", image = "app:1" }])
}

resource "aws_ecs_service" "tried" {
  name             = "tried"
  cluster          = aws_ecs_cluster.main.arn
  task_definition  = aws_ecs_task_definition.fargate.arn
  launch_type      = "FARGATE"
  platform_version = try(local.fargate.platform, null)

  network_configuration {
    subnets = [aws_subnet.main.id]
  }
}

resource "aws_ecs_service" "chosen" {
  name             = "chosen"
  cluster          = aws_ecs_cluster.main.arn
  task_definition  = aws_ecs_task_definition.fargate.arn
  launch_type      = "FARGATE"
  platform_version = var.pinned ? "1.4.0" : lookup(local.fargate, "platform", var.settings.platform)

  network_configuration {
    subnets = [aws_subnet.main.id]
  }
}
