variable "cluster" { type = string }
variable "prefix" { type = string }

module "part" {
  source   = "../service"
  for_each = toset(["a.b", "c"])
  cluster  = var.cluster
  name     = "${var.prefix}-${replace(each.key, ".", "-")}"
}
