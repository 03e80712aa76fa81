resource "aws_ecs_service" "reports" {
  count           = local.default
  name            = "reports"
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1 # at night
}

resource "aws_ecs_service" "pair" {
  count           = 2 * local.default
  name            = "pair-${count.index}"
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.jobs[0].arn
  desired_count   = 1
}

resource "aws_ecs_task_definition" "jobs" {
  count                 = local.default
  family                = "jobs"
  container_definitions = jsonencode([{ name = "job", image = "busybox:1.36", memory = 64, essential = true }])
}
