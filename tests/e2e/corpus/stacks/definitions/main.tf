# What is inside a task definition, and services that run it.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_ecs_cluster" "main" {
  name = "definitions"
}

locals {
  secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf"

  # Each service runs a family of its own, so that each can be moved by itself.
  families = toset(["image", "env", "secret", "sidecar", "size", "role", "reordered", "shuffled", "unused", "passing", "defaults", "disk", "rolledback", "broken", "pinned", "host", "erased", "early"])
}

resource "aws_ecs_task_definition" "app" {
  for_each = local.families
  family   = "definitions-${each.key}"
  cpu      = "256"
  memory   = "512"

  execution_role_arn = "arn:aws:iam::123456789012:role/definitions-execution"
  task_role_arn      = "arn:aws:iam::123456789012:role/definitions-task"

  container_definitions = jsonencode([
    {
      name         = "web"
      image        = "nginx:1.20"
      memory       = 256
      portMappings = [{ containerPort = 80 }]
      environment  = [{ name = "MODE", value = "plain" }, { name = "ALPHA", value = "1" }]
      secrets      = [{ name = "DB", valueFrom = local.secret }]
    },
    {
      name      = "log"
      image     = "fluent/fluent-bit:3.0"
      memory    = 64
      essential = false
    },
  ])

  volume {
    name = "data"

    efs_volume_configuration {
      file_system_id = "fs-0123456789abcdef0"
      root_directory = "/"
    }
  }
}

resource "aws_ecs_service" "app" {
  for_each        = local.families
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app[each.key].arn
  desired_count   = 1
}

# A pipeline deploys; Terraform only makes the first revision.
resource "aws_ecs_task_definition" "piped" {
  family                = "definitions-piped"
  container_definitions = jsonencode([{ name = "web", image = "nginx:1.20", memory = 128 }])
}

resource "aws_ecs_service" "piped" {
  name            = "piped"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.piped.arn
  desired_count   = 1

  lifecycle {
    ignore_changes = [task_definition]
  }
}

# Follows the newest revision, whoever registers it.
resource "aws_ecs_task_definition" "tracked" {
  family                = "definitions-tracked"
  track_latest          = true
  container_definitions = jsonencode([{ name = "job", image = "job:1", memory = 64 }])
}

resource "aws_ecs_task_definition" "tracked_twice" {
  family                = "definitions-tracked-twice"
  track_latest          = true
  container_definitions = jsonencode([{ name = "job", image = "job:1", memory = 64 }])
}

# Deregistered or deleted outside, while a service runs it.
resource "aws_ecs_task_definition" "retired" {
  for_each              = toset(["retired", "deleted"])
  family                = "definitions-${each.key}"
  container_definitions = jsonencode([{ name = "job", image = "job:1", memory = 64 }])
}

resource "aws_ecs_service" "veteran" {
  for_each        = aws_ecs_task_definition.retired
  name            = "veteran-${each.key}"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = each.value.arn
  desired_count   = 1
}
