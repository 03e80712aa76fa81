# Fetched by `terraform init` into .terraform/modules, as one from a registry is.
module "installed" {
  source  = "git::file://@SHELF@//service"
  cluster = aws_ecs_cluster.east.arn
  name    = "installed"
}
