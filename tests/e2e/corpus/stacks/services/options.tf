# What a service has beside its size, its network and its tags. Each pair: one that changes, one that stays.
locals {
  blue     = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/0123456789abcdef"
  registry = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0123456789abcdef"
}

resource "aws_ecs_service" "balanced" {
  for_each                          = toset(["balanced", "balanced-still", "unbalanced", "impatient"])
  name                              = each.key
  cluster                           = aws_ecs_cluster.main.arn
  task_definition                   = aws_ecs_task_definition.app.arn
  desired_count                     = 1
  health_check_grace_period_seconds = 60

  load_balancer {
    target_group_arn = local.blue
    container_name   = "app"
    container_port   = 80
  }
}

resource "aws_ecs_service" "registered" {
  for_each        = toset(["registered", "registered-still"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  service_registries {
    registry_arn   = local.registry
    container_name = "app"
    container_port = 80
  }
}

resource "aws_ecs_service" "propagating" {
  for_each                = toset(["propagating", "propagating-still"])
  name                    = each.key
  cluster                 = aws_ecs_cluster.main.arn
  task_definition         = aws_ecs_task_definition.app.arn
  desired_count           = 1
  propagate_tags          = "SERVICE"
  enable_ecs_managed_tags = true
}

resource "aws_ecs_service" "alarmed" {
  for_each        = toset(["alarmed", "alarmed-still"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  alarms {
    alarm_names = ["errors", "latency"]
    enable      = true
    rollback    = true
  }
}

resource "aws_ecs_service" "constrained" {
  for_each        = toset(["constrained"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  placement_constraints {
    type = "distinctInstance"
  }
}

resource "aws_ecs_service" "meshed" {
  for_each        = toset(["meshed"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  service_connect_configuration {
    enabled   = true
    namespace = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef"
  }
}

resource "aws_ecs_service" "bare" {
  for_each        = toset(["stopped", "rebalanced", "rebalanced-never"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_cluster" "audited" {
  for_each = toset(["audited", "audited-still"])
  name     = "services-${each.key}"

  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
    }
  }
}

resource "aws_ecs_cluster" "renaming" {
  name = "services-renaming"

  service_connect_defaults {
    namespace = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef"
  }
}

resource "aws_ecs_cluster" "relabelled" {
  name = "services-relabelled"
  tags = { Team = "shop" }
}

resource "aws_ecs_cluster" "mixed" {
  for_each = toset(["shrunk", "same"])
  name     = "services-${each.key}"
}

resource "aws_ecs_cluster_capacity_providers" "mixed" {
  for_each           = aws_ecs_cluster.mixed
  cluster_name       = each.value.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 1
  }

  default_capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 4
  }
}

resource "aws_ecs_task_definition" "labelled" {
  for_each              = toset(["labelled", "relabelled"])
  family                = "services-${each.key}"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128, essential = true }])
  tags                  = { Team = "shop" }
}
