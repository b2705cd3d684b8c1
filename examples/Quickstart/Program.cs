Console.WriteLine("ClientSideLb quickstart");
