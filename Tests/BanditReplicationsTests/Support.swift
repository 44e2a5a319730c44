import BanditAgents
import BanditCore
import BanditData
import BanditEnvironments
import BanditTraining
import TestSupport

/// The agents and environments that come with the program.
let registry = Registry(agents: BuiltInAgents.all, environments: BuiltInEnvironments.all)

extension BarMNIST {
  /// A library of the files below a folder.
  static func library(_ folder: String) -> ImageLibrary {
    ImageLibrary(folders: DataFolders(environment: ["BANDIT_SIM_DATA": folder, "HOME": folder]))
  }
}
