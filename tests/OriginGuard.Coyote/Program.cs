using OriginGuard.Coyote;

return Exploration.Run(args);
