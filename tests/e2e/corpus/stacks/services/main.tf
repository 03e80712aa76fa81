# One service for each thing that people do to services. The name says what happens to it.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Stack = "services" }
  }
}

resource "aws_ecs_cluster" "main" {
  name = "services"
  tags = { Team = "shop" }
}

resource "aws_ecs_cluster" "watched" {
  name = "services-watched"

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_ecs_cluster" "calm" {
  name = "services-calm"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

# The code leaves its settings to AWS.
resource "aws_ecs_cluster" "plain" {
  name = "services-plain"
}

# Where a request names no cluster.
resource "aws_ecs_cluster" "default" {
  name = "default"
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_ecs_account_setting_default" "long_arns" {
  name  = "containerInstanceLongArnFormat"
  value = "enabled"
}

resource "aws_ecs_account_setting_default" "trunking" {
  name  = "awsvpcTrunking"
  value = "enabled"
}

resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "private" {
  for_each   = { a = "10.0.1.0/24", b = "10.0.2.0/24", c = "10.0.3.0/24" }
  vpc_id     = aws_vpc.main.id
  cidr_block = each.value
}

resource "aws_security_group" "private" {
  for_each = toset(["inside", "outside"])
  name     = "services-${each.key}"
  vpc_id   = aws_vpc.main.id
}

resource "aws_ecs_task_definition" "app" {
  family                = "services-app"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128, essential = true }])
}

resource "aws_ecs_task_definition" "awsvpc" {
  family                   = "services-awsvpc"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"
  container_definitions    = jsonencode([{ name = "app", image = "nginx:1.20", memory = 512, essential = true }])
}
