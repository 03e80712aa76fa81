# Nearly everything here is deleted behind Terraform's back. The services make the plan take two minutes.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_ecs_cluster" "main" {
  name = "archive"
}

resource "aws_ecs_cluster" "empty" {
  name = "archive-empty"
}

resource "aws_ecs_task_definition" "app" {
  family                = "archive"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_cluster" "again" {
  name = "archive-again"
}

resource "aws_ecs_task_definition" "unused" {
  for_each              = toset(["retired", "erased"])
  family                = "archive-${each.key}"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "draining" {
  name            = "draining"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  load_balancer {
    target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/archive/0123456789abcdef"
    container_name   = "app"
    container_port   = 80
  }
}

resource "aws_ecs_service" "hands_off" {
  name            = "hands-off"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  lifecycle {
    ignore_changes = all
  }
}

# Whose deployments a controller of one's own makes.
resource "aws_ecs_service" "canary" {
  name          = "canary"
  cluster       = aws_ecs_cluster.main.arn
  desired_count = 1

  deployment_controller {
    type = "EXTERNAL"
  }
}

resource "aws_ecs_task_set" "canary" {
  service         = aws_ecs_service.canary.id
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  launch_type     = "EC2"
}

resource "aws_ecs_service" "staying" {
  for_each        = toset(["kept", "scaled"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_capacity_provider" "spare" {
  name = "archive-spare"

  auto_scaling_group_provider {
    auto_scaling_group_arn = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:0e1f2a3b-4c5d-6e7f-8091-a2b3c4d5e6f7:autoScalingGroupName/spare"
  }
}
