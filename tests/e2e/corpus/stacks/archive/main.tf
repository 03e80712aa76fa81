# Everything here is deleted behind Terraform's back. The service makes the plan take two minutes.
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

resource "aws_ecs_task_definition" "retired" {
  family                = "archive-retired"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "kept" {
  name            = "kept"
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
