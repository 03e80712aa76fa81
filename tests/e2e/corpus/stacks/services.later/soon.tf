# Nobody has applied this version yet.
resource "aws_ecs_service" "caught_up" {
  name            = "caught-up"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 4
}

resource "aws_ecs_service" "unapplied" {
  name            = "unapplied"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 9
}

resource "aws_ecs_service" "overtaken" {
  name            = "overtaken"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 3
}

moved {
  from = aws_ecs_service.old_name
  to   = aws_ecs_service.new_name
}

resource "aws_ecs_service" "new_name" {
  name            = "renamed"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "replaced" {
  for_each        = toset(["new"])
  name            = "replaced-${each.key}"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

provider "aws" {
  alias  = "relabelling"
  region = "us-east-1"
  default_tags {
    tags = { Stack = "shop" }
  }
}

resource "aws_ecs_service" "relabelled" {
  provider        = aws.relabelling
  name            = "relabelled"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "watched" {
  name            = "watched"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1

  alarms {
    alarm_names = ["errors", "latency", "saturation"]
    enable      = true
    rollback    = false
  }
}

removed {
  from = aws_ecs_service.forgotten
  lifecycle {
    destroy = false
  }
}

resource "aws_ecs_service" "packed" {
  name            = "packed"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }

  lifecycle {
    ignore_changes = [ordered_placement_strategy[1].field]
  }
}
