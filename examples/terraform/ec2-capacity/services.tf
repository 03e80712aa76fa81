# Works through the night's files, on the newest instances first and close together.
resource "aws_ecs_task_definition" "import" {
  family       = "batch-import"
  network_mode = "bridge"

  container_definitions = jsonencode([
    {
      name        = "import"
      image       = "busybox:1.36"
      cpu         = 128
      memory      = 256
      essential   = true
      command     = ["sh", "-c", "while sleep 5; do echo importing; done"]
      mountPoints = [{ sourceVolume = "files", containerPath = "/files" }]
    }
  ])

  volume {
    name = "files"

    efs_volume_configuration {
      file_system_id = aws_efs_file_system.files.id
      root_directory = "/incoming"
    }
  }
}

resource "aws_efs_file_system" "files" {
  creation_token = "batch-files"
}

resource "aws_ecs_service" "import" {
  name            = "import"
  cluster         = aws_ecs_cluster.batch.arn
  task_definition = aws_ecs_task_definition.import.arn
  desired_count   = 2
  depends_on      = [aws_ecs_cluster_capacity_providers.batch]

  capacity_provider_strategy {
    capacity_provider = aws_ecs_capacity_provider.instances.name
    base              = 1
    weight            = 100
  }

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }

  placement_constraints {
    type       = "memberOf"
    expression = "attribute:ecs.instance-type =~ m6i.*"
  }
}

# One on each instance, whatever their number.
resource "aws_ecs_task_definition" "agent" {
  family                = "batch-agent"
  container_definitions = jsonencode([{ name = "agent", image = "fluent/fluent-bit:3.0", memory = 64, essential = true }])
}

resource "aws_ecs_service" "agent" {
  name                = "agent"
  cluster             = aws_ecs_cluster.batch.arn
  task_definition     = aws_ecs_task_definition.agent.arn
  launch_type         = "EC2"
  scheduling_strategy = "DAEMON"
}
