queues = { "mail" = 1 }
