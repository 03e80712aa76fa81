resource "aws_ecs_service" "overridden" {
  desired_count = 3
}

resource "aws_ecs_service" "let_go" {
  lifecycle {
    ignore_changes = [desired_count]
  }
}
