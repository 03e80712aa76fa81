variable "cluster" { type = string }
variable "prefix" { type = string }

module "part" {
  source   = "../service"
  for_each = toset(["one", "two"])
  cluster  = var.cluster
  name     = "${var.prefix}-${each.key}"
}
