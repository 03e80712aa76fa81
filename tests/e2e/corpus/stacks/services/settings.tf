# Everything about a service that is not its size.
resource "aws_ecs_service" "tagged" {
  for_each        = toset(["owned", "orphaned", "retagged", "kept", "passing", "bare"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
  tags            = { Team = "shop" }
}

resource "aws_ecs_service" "network" {
  for_each        = toset(["exposed", "reordered", "rerouted", "same", "dated", "up-to-date"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.awsvpc.arn
  launch_type     = "FARGATE"
  desired_count   = 1

  network_configuration {
    subnets         = [aws_subnet.private["a"].id, aws_subnet.private["b"].id]
    security_groups = [aws_security_group.private["inside"].id]
  }
}

resource "aws_ecs_service" "guarded" {
  for_each                           = toset(["guarded", "guarded-still"])
  name                               = each.key
  cluster                            = aws_ecs_cluster.main.arn
  task_definition                    = aws_ecs_task_definition.app.arn
  desired_count                      = 1
  deployment_maximum_percent         = 150
  deployment_minimum_healthy_percent = 50

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }
}

# The code leaves these to AWS.
resource "aws_ecs_service" "unguarded" {
  name            = "unguarded"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "entered" {
  name            = "entered"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "placed" {
  name            = "placed"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.os-type == linux"
  }
}

resource "aws_ecs_service" "spread" {
  name            = "spread"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  ordered_placement_strategy {
    type  = "spread"
    field = "instanceId"
  }
}

resource "aws_ecs_service" "strategy" {
  for_each        = toset(["mixed", "spotty"])
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.awsvpc.arn
  desired_count   = 1
  depends_on      = [aws_ecs_cluster_capacity_providers.main]

  capacity_provider_strategy {
    capacity_provider = "FARGATE"
    base              = 1
    weight            = 1
  }

  capacity_provider_strategy {
    capacity_provider = "FARGATE_SPOT"
    weight            = 3
  }

  network_configuration {
    subnets = [aws_subnet.private["a"].id]
  }
}

resource "aws_ecs_service" "mesh" {
  name            = "mesh"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  service_connect_configuration {
    enabled   = true
    namespace = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-0123456789abcdef"
  }
}
