# The same things spelled in other ways than AWS answers, and every way to ignore; record_plans.py applies it and changes
# it outside. Each resource says what it is there for.

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
    tags = { Stack = "spellings" }
  }
}

variable "propagate" {
  type    = string
  default = "NONE"
}

locals {
  sidecar = false
}

resource "aws_vpc" "main" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "private" {
  count = 2

  vpc_id     = aws_vpc.main.id
  cidr_block = "10.1.${count.index + 1}.0/24"
}

resource "aws_ecs_cluster" "main" {
  name = "spellings"

  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
    }
  }
}

resource "aws_ecs_cluster_capacity_providers" "main" {
  cluster_name       = aws_ecs_cluster.main.name
  capacity_providers = ["FARGATE_SPOT", "FARGATE"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 2
  }

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
  }
}

# Names in another letter case, members that a conditional left empty, ports of two protocols, defaults left out.
resource "aws_ecs_task_definition" "odd" {
  family                   = "odd"
  requires_compatibilities = ["FARGATE", "EC2"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  track_latest             = true

  container_definitions = jsonencode([
    {
      Name  = "zeta"
      Image = "ghcr.io/acme/zeta:1"
      PortMappings = [
        { ContainerPort = 53, Protocol = "udp" },
        { ContainerPort = 53 },
      ]
      Environment = [
        { Name = "ZONE", Value = "b" },
        local.sidecar ? { Name = "SIDECAR", Value = "1" } : null,
        { Name = "AREA", Value = "a" },
      ]
      Secrets = [
        { Name = "TOKEN", ValueFrom = "arn:aws:ssm:us-east-1:123456789012:parameter/token" },
        { Name = "KEY", ValueFrom = "arn:aws:ssm:us-east-1:123456789012:parameter/key" },
      ]
      HealthCheck = { Command = ["CMD-SHELL", "true"] }
    },
    {
      name         = "alpha"
      image        = "ghcr.io/acme/alpha:1"
      essential    = false
      command      = []
      links        = []
      dockerLabels = {}
      mountPoints  = [{ sourceVolume = "scratch", containerPath = "/scratch" }]
      volumesFrom  = [{ sourceContainer = "zeta" }]
      ulimits      = [{ name = "nofile", softLimit = 1024, hardLimit = 2048 }, { name = "core", softLimit = 0, hardLimit = 0 }]
    },
  ])

  volume {
    name = "scratch"
  }
}

# Bridge mode, where a host port counts; moved outside.
resource "aws_ecs_task_definition" "web" {
  family = "spelled-web"

  container_definitions = jsonencode([{
    name                   = "web"
    image                  = "ghcr.io/acme/web@sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    memory                 = 128
    readonlyRootFilesystem = true
    user                   = "1000"
    portMappings           = [{ containerPort = 80 }]
    logConfiguration       = { logDriver = "awslogs", options = { awslogs-group = "web", awslogs-region = "us-east-1" } }
  }])
}

# Names neither launch type nor strategy, and so takes the cluster's, which the state does not know before a refresh.
resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 2
  propagate_tags  = var.propagate

  depends_on = [aws_ecs_cluster_capacity_providers.main]
}

# What a pipeline deploys.
resource "aws_ecs_service" "deployed" {
  name            = "deployed"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 1
  launch_type     = "EC2"

  lifecycle {
    ignore_changes = [task_definition, desired_count]
  }
}

resource "aws_ecs_service" "everything" {
  name            = "everything"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 1
  launch_type     = "EC2"

  lifecycle {
    ignore_changes = all
  }
}

resource "aws_ecs_service" "tagged" {
  name            = "tagged"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 1
  launch_type     = "EC2"
  tags            = { Team = "shop", Owner = "jane" }

  lifecycle {
    ignore_changes = [tags["Team"]]
  }
}

# Its ignore_changes is another one: see main_override.tf.
resource "aws_ecs_service" "overridden" {
  name            = "overridden"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 1
  launch_type     = "EC2"

  lifecycle {
    ignore_changes = [enable_execute_command]
  }
}

module "ports" {
  source   = "./ports"
  for_each = toset(["one"])

  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.web.arn
  subnet          = aws_subnet.private[0].id
}

resource "aws_appautoscaling_target" "web" {
  service_namespace  = "ecs"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.web.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  min_capacity       = 1
  max_capacity       = 4
}

resource "aws_appautoscaling_policy" "steps" {
  name               = "steps"
  policy_type        = "StepScaling"
  service_namespace  = aws_appautoscaling_target.web.service_namespace
  resource_id        = aws_appautoscaling_target.web.resource_id
  scalable_dimension = aws_appautoscaling_target.web.scalable_dimension

  step_scaling_policy_configuration {
    adjustment_type         = "ChangeInCapacity"
    cooldown                = 60
    metric_aggregation_type = "Maximum"

    step_adjustment {
      metric_interval_lower_bound = 10
      scaling_adjustment          = 2
    }

    step_adjustment {
      metric_interval_lower_bound = 0
      metric_interval_upper_bound = 10
      scaling_adjustment          = 1
    }
  }
}
