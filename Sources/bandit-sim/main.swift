import BanditSim

BanditSimApp.main()
