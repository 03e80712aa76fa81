# Somebody is about to apply another version of this file.
resource "aws_ecs_service" "caught_up" {
  name            = "caught-up"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "unapplied" {
  name            = "unapplied"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "overtaken" {
  name            = "overtaken"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "old_name" {
  name            = "renamed"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "unwanted" {
  name            = "unwanted"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

# An apply replaces the old one by the new one, and cannot destroy it: the state keeps it as deposed.
resource "aws_ecs_service" "replaced" {
  for_each        = toset(["old", "new"])
  name            = "replaced-${each.key}"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

# Somebody is about to give these another default tag.
provider "aws" {
  alias  = "relabelling"
  region = "us-east-1"
  default_tags {
    tags = { Stack = "services" }
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
    alarm_names = ["errors"]
    enable      = true
    rollback    = false
  }
}

resource "aws_ecs_service" "forgotten" {
  name            = "forgotten"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
}

resource "aws_ecs_service" "packed" {
  name            = "packed"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn

  ordered_placement_strategy {
    type  = "binpack"
    field = "cpu"
  }

  ordered_placement_strategy {
    type  = "binpack"
    field = "memory"
  }

  lifecycle {
    ignore_changes = [ordered_placement_strategy[1].field]
  }
}
