// A plug-in's file needs `import BanditSim` alone: these are the modules that agents, environments, observers,
// experiments and data sets are made of. What draws (BanditFigures), trains (BanditTraining, BanditAgentKit,
// BanditLearning) or reads files (BanditFiles) imports these libraries itself.
@_exported public import BanditCore
@_exported public import BanditData
@_exported public import struct BanditFiles.DataFileError
@_exported public import BanditLaboratory
@_exported public import BanditNumerics
@_exported public import BanditSimulation
