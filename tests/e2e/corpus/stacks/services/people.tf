# Alike but for their names: several people, and records that do not come.
resource "aws_ecs_service" "shared" {
  for_each = toset([
    "crowded", "halfway", "unseen", "undone", "late", "belated", "wavering",
    "denied", "retried", "trusting", "unchanging", "namesake", "reborn", "rebuilt",
  ])

  name            = each.key
  cluster         = aws_ecs_cluster.main.arn
  task_definition = aws_ecs_task_definition.app.arn
  desired_count   = 1
  tags            = { Team = "shop" }
}

# Where others make services with the names of ours.
resource "aws_ecs_cluster" "playground" {
  name = "services-playground"
}
