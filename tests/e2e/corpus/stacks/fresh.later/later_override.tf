# Merged over what the other files say of the service.
locals {
  spelled = { for key in ["owner"] : join("", [upper(substr(key, 0, 1)), substr(key, 1, -1)]) => lower("B") }
}

resource "aws_ecs_service" "overridden" {
  tags = merge(local.spelled, { Jobs = aws_ecs_cluster.jobs.arn })
}
