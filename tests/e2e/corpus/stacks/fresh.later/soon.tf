# Merged, and applied by nobody: a new cluster for jobs, of which everything tells.
locals {
  owner = "b"
  fix   = { name = "app", image = "app:${local.version}", memory = 128 }
  jobs  = [{ name = "JOBS", value = aws_ecs_cluster.jobs.arn }]

  version = 2
  spelled = {}
}

resource "aws_ecs_cluster" "jobs" {
  name = "fresh-jobs"
}

resource "aws_ecs_service" "said" {
  name            = "said"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  tags            = { Owner = local.owner, Jobs = aws_ecs_cluster.jobs.arn }
}

resource "aws_ecs_service" "contradicted" {
  name            = "contradicted"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  tags            = { Owner = "c", Jobs = aws_ecs_cluster.jobs.arn }
}

resource "aws_ecs_service" "unreadable" {
  name            = "unreadable"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  tags            = merge(jsondecode("{\"Owner\":\"b\"}"), { Jobs = aws_ecs_cluster.jobs.arn })
}

resource "aws_ecs_service" "overridden" {
  name            = "overridden"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  tags            = { Owner = "a" }
}

resource "aws_ecs_service" "stamped" {
  name            = "stamped"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  tags            = { Deploy = "1", Jobs = aws_ecs_cluster.jobs.arn }

  lifecycle {
    ignore_changes = [tags["Deploy"]]
  }
}

resource "aws_ecs_service" "waiting" {
  name            = "waiting"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  tags            = { Owner = local.owner, Jobs = aws_ecs_cluster.jobs.arn }
}

resource "aws_ecs_task_definition" "tracked" {
  family                = "fresh-tracked"
  track_latest          = true
  container_definitions = jsonencode([merge(local.fix, { environment = local.jobs })])
}

resource "aws_ecs_task_definition" "fixed" {
  for_each              = toset(["fixed", "broken", "idle"])
  family                = "fresh-${each.key}"
  container_definitions = jsonencode([{ name = "app", image = "app:2", memory = 128, environment = local.jobs }])
}

resource "aws_ecs_service" "fixed" {
  for_each        = aws_ecs_task_definition.fixed
  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = each.value.arn
}

module "web" {
  source  = "./web"
  cluster = aws_ecs_cluster.main.arn
  image   = "app:2"
  tags    = { Owner = local.owner }
  jobs    = aws_ecs_cluster.jobs.arn
}

resource "aws_iam_role" "task" {
  name               = "fresh-task"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_ecs_task_definition" "allowed" {
  family                = "fresh-allowed"
  task_role_arn         = aws_iam_role.task.arn
  container_definitions = jsonencode([{ name = "app", image = "app:1", memory = 128 }])
}

resource "aws_iam_role_policy" "own" {
  name = "own"
  role = aws_iam_role.task.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
      { Effect = "Allow", Action = "ecs:RunTask", Resource = aws_ecs_cluster.jobs.arn },
    ]
  })
}

resource "aws_ecs_task_definition" "written" {
  family                = "fresh-written"
  container_definitions = <<-EOT
    [{
      "name": "app", "image": "${join(":", ["app", local.version])}", "memory": 128,
      "environment": [{"name": "${upper("jobs")}", "value": "${aws_ecs_cluster.jobs.arn}"}]
    }]
  EOT
}

resource "aws_ecs_service" "written" {
  name            = "written"
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.written.arn
}
