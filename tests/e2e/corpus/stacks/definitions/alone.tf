# What only tasks with a network of their own have.
resource "aws_vpc" "main" {
  cidr_block = "10.5.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.5.1.0/24"
}

resource "aws_ecs_task_definition" "alone" {
  for_each                 = toset(["access", "entrance", "storage", "platform", "proxy", "turned", "anywhere"])
  family                   = "definitions-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = "256"
  memory                   = "512"

  container_definitions = jsonencode([
    { name = "web", image = "nginx:1.20", memory = 256 },
    { name = "envoy", image = "envoy:1.30", memory = 128, essential = false },
  ])

  ephemeral_storage {
    size_in_gib = 30
  }

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  proxy_configuration {
    type           = "APPMESH"
    container_name = "envoy"

    properties = {
      AppPorts        = "80"
      ProxyEgressPort = "15001"
    }
  }

  volume {
    name = "data"

    efs_volume_configuration {
      file_system_id     = "fs-0123456789abcdef0"
      transit_encryption = "ENABLED"

      authorization_config {
        access_point_id = "fsap-0123456789abcdef0"
        iam             = "ENABLED"
      }
    }
  }
}

resource "aws_ecs_service" "alone" {
  for_each        = aws_ecs_task_definition.alone
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = each.value.arn
  launch_type     = "FARGATE"
  desired_count   = 1

  network_configuration {
    subnets = [aws_subnet.private.id]
  }
}
