# The code says how many tasks to begin with; from then on Application Auto Scaling owns the number.
resource "aws_ecs_task_definition" "api" {
  family                   = "orders-api"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"

  container_definitions = jsonencode([
    {
      name         = "api"
      image        = "httpd:2.4"
      essential    = true
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.orders.arn
  task_definition = aws_ecs_task_definition.api.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  network_configuration {
    subnets = [aws_subnet.private.id]
  }

  lifecycle {
    # Without this, every apply would undo what the autoscaling has done. With it, a person's hand on the number is
    # no drift either; only the limits below are.
    ignore_changes = [desired_count]
  }
}
