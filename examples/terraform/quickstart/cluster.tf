resource "aws_ecs_cluster" "production" {
  name = "production"

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_ecs_cluster_capacity_providers" "production" {
  cluster_name = aws_ecs_cluster.production.name

  # Spot was tried for the workers and given up: they do not survive being interrupted.
  capacity_providers = ["FARGATE"]
}
