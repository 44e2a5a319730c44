// A plug-in's file needs `import BanditSim` alone: these are the modules its agents and environments are made of.
@_exported public import BanditCore
@_exported public import BanditNumerics
