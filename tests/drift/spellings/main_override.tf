resource "aws_ecs_service" "overridden" {
  lifecycle {
    ignore_changes = [desired_count]
  }
}
