# Somebody names a module that this machine cannot fetch.
module "elsewhere" {
  source = "git::file:///nobody/has/this.git"
}
