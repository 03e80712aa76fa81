# Alike but for their names: each is changed in another way.
resource "aws_ecs_service" "plain" {
  for_each = {
    scaled     = 3
    twice      = 1
    fought     = 1
    again      = 2
    back       = 2
    redeployed = 2
    form       = 2
    quiet      = 1
    unexpl     = 1
    claimed    = 1
    short      = 1
    recreated  = 1
    doubled    = 1
    abroad     = 1
    elsewhere  = 1
    toggled    = 1
    stated     = 1
    restless   = 2
    piped      = 2
    silent     = 1
  }

  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = each.value
}

resource "aws_ecs_service" "homeless" {
  name            = "homeless"
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
  depends_on      = [aws_ecs_cluster.default]
}

resource "aws_ecs_service" "homeless_too" {
  name            = "homeless-too"
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
  depends_on      = [aws_ecs_cluster.default]
}

resource "aws_ecs_service" "by_name" {
  name            = "by-name"
  cluster         = aws_ecs_cluster.main.name
  task_definition = "${aws_ecs_task_definition.app.family}:${aws_ecs_task_definition.app.revision}"
  desired_count   = 1
}
