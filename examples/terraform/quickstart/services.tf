# The shop's front end. Three tasks carry a normal day; sales are planned for in advance.
resource "aws_ecs_task_definition" "web" {
  family                   = "web"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"

  container_definitions = jsonencode([
    {
      name         = "web"
      image        = "httpd:2.4"
      essential    = true
      portMappings = [{ containerPort = 8080 }]
    }
  ])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.production.id
  task_definition = aws_ecs_task_definition.web.arn
  launch_type     = "FARGATE"
  desired_count   = 3 # one for each availability zone and one to spare

  network_configuration {
    subnets         = local.subnets
    security_groups = local.security_groups
  }
}

# The API behind it.
resource "aws_ecs_task_definition" "web_app" {
  family                   = "web-app"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"

  container_definitions = jsonencode([
    {
      name         = "nginx"
      image        = "nginx:1.20" # tested with the clients in the field
      essential    = true
      portMappings = [{ containerPort = 80 }]
      environment = [
        { name = "LOG_LEVEL", value = "info" }
      ]
    }
  ])
}

resource "aws_ecs_service" "api" {
  name            = "api"
  cluster         = aws_ecs_cluster.production.id
  task_definition = aws_ecs_task_definition.web_app.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  network_configuration {
    subnets         = local.subnets
    security_groups = local.security_groups
  }
}
