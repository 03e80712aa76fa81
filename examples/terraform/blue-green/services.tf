# A service that CodeDeploy deploys: it makes the new revision run beside the old one, and turns the load balancer to it.
resource "aws_ecs_cluster" "checkout" {
  name = "checkout"
}

resource "aws_ecs_task_definition" "web" {
  family                   = "checkout-web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"

  container_definitions = jsonencode([
    {
      name         = "web"
      image        = "nginx:1.20"
      memory       = 512
      essential    = true
      portMappings = [{ containerPort = 80 }]
    }
  ])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.checkout.arn
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  load_balancer {
    target_group_arn = aws_lb_target_group.checkout["blue"].arn
    container_name   = "web"
    container_port   = 80
  }

  network_configuration {
    subnets = [for subnet in aws_subnet.private : subnet.id]
  }

  lifecycle {
    # Both belong to the deployments. Terraform could not even change them: ECS refuses.
    ignore_changes = [task_definition, load_balancer]
  }
}
