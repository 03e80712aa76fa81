# What ECS uses of other services: the roles of its tasks, and the registry of a service.
terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

data "aws_iam_policy_document" "tasks" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "related-task"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy" "own" {
  name   = "own"
  role   = aws_iam_role.task.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}

resource "aws_iam_policy" "shared" {
  name   = "related-shared"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["s3:ListBucket"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "shared" {
  role       = aws_iam_role.task.name
  policy_arn = aws_iam_policy.shared.arn
}

# Nothing of ECS has this one.
resource "aws_iam_role" "other" {
  name               = "related-other"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

# This one's policies are listed, so that an apply takes others away.
resource "aws_iam_role" "execution" {
  name               = "related-execution"
  path               = "/apps/"
  assume_role_policy = data.aws_iam_policy_document.tasks.json
}

resource "aws_iam_role_policy_attachments_exclusive" "execution" {
  role_name   = aws_iam_role.execution.name
  policy_arns = []
}

resource "aws_service_discovery_private_dns_namespace" "shop" {
  name = "related.local"
  vpc  = "vpc-12345678"
}

resource "aws_service_discovery_service" "web" {
  name = "related-web"

  dns_config {
    namespace_id = aws_service_discovery_private_dns_namespace.shop.id

    dns_records {
      type = "A"
      ttl  = 10 # clients look again quickly
    }
  }
}

resource "aws_ecs_cluster" "main" {
  name = "related"
}

resource "aws_ecs_task_definition" "web" {
  family                = "related-web"
  task_role_arn         = aws_iam_role.task.arn
  execution_role_arn    = aws_iam_role.execution.arn
  container_definitions = jsonencode([{ name = "web", image = "httpd:2.4", essential = true, memory = 64 }])
}

resource "aws_ecs_service" "web" {
  name            = "related-web"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 1

  service_registries {
    registry_arn   = aws_service_discovery_service.web.arn
    container_name = "web"
    container_port = 80
  }
}
