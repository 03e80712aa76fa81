resource "aws_ecs_task_definition" "app" {
  family                = "${local.name}-app"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128, essential = true }])
}

resource "aws_ecs_task_definition" "west" {
  provider              = aws.west
  family                = "${local.name}-app"
  container_definitions = jsonencode([{ name = "app", image = "nginx:1.20", memory = 128, essential = true }])
}

# One name in four clusters: two workspaces in two regions.
resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 3
}

resource "aws_ecs_service" "west" {
  provider        = aws.west
  name            = "web"
  cluster         = aws_ecs_cluster.west.name # by its name, the others by ARN
  task_definition = aws_ecs_task_definition.west.arn
  desired_count   = 3
}

resource "aws_ecs_service" "queue" {
  for_each        = var.queues
  name            = "queue-${each.key}"
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = each.value
}

module "back" {
  source  = "../modules/group"
  cluster = aws_ecs_cluster.this.arn
  prefix  = local.name
}
