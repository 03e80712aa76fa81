# One resource for each situation that the drift room tells apart; record_plans.py applies it and changes it outside.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Stack = "drift" }
  }
}

variable "worker_count" {
  type    = number
  default = 1
}

variable "token" {
  type      = string
  sensitive = true
  default   = "not-a-real-token"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  for_each = { a = "10.0.1.0/24", b = "10.0.2.0/24" }

  vpc_id     = aws_vpc.main.id
  cidr_block = each.value
}

resource "aws_ecs_cluster" "main" {
  name = "main"

  setting {
    name  = "containerInsights"
    value = "disabled"
  }

  tags = { Team = "shop" }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE"]
}

resource "aws_ecs_capacity_provider" "ec2" {
  name = "ec2"

  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:0e1f2a3b-4c5d-6e7f-8091-a2b3c4d5e6f7:autoScalingGroupName/ec2"
  }
}

resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"

  container_definitions = jsonencode([
    {
      name         = "nginx"
      image        = "nginx:1.20"
      portMappings = [{ containerPort = 80 }]
      environment  = [{ name = "MODE", value = "plain" }, { name = "ALPHA", value = "1" }]
    },
    {
      name      = "log"
      image     = "fluent/fluent-bit:3.0"
      essential = false
    },
  ])
}

# Only a track_latest definition drifts itself when a newer revision is registered outside.
resource "aws_ecs_task_definition" "tracked" {
  family       = "tracked"
  track_latest = true

  container_definitions = jsonencode([{ name = "job", image = "job:1", memory = 64 }])
}

resource "aws_ecs_task_definition" "secretive" {
  family = "secretive"

  container_definitions = jsonencode([{
    name        = "job"
    image       = "job:1"
    memory      = 64
    environment = [{ name = "TOKEN", value = var.token }]
  }])

  track_latest = true
}

resource "aws_ecs_task_definition" "deregistered" {
  family                = "deregistered"
  container_definitions = jsonencode([{ name = "old", image = "old:1", memory = 64 }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 3
  launch_type     = "FARGATE"

  network_configuration {
    subnets = [for subnet in aws_subnet.private : subnet.id]
  }

  tags = { Team = "shop" }
}

# Moved to another revision outside, by name as pipelines do.
resource "aws_ecs_service" "moved" {
  name            = "moved"
  cluster         = aws_ecs_cluster.main.name
  task_definition = "${aws_ecs_task_definition.web.family}:${aws_ecs_task_definition.web.revision}"
  desired_count   = 1
  launch_type     = "FARGATE"

  network_configuration {
    subnets = [aws_subnet.private["a"].id]
  }
}

# The code catches up with the change: planned again with worker_count = 4.
resource "aws_ecs_service" "worker" {
  name            = "worker"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.tracked.arn_without_revision
  desired_count   = var.worker_count
}

module "app" {
  source   = "./app"
  for_each = toset(["a", "b"])

  name            = "app-${each.key}"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  subnet          = aws_subnet.private["a"].id
}

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 4
}

output "worker_count" {
  value = aws_ecs_service.worker.desired_count
}
