using OwnerPay.DemoEstate;

// Writes the roster files of the demo estate into the folder named as the only argument:
// dotnet run --project tests/OwnerPay.DemoEstate -- config/demo
if (args is not [var folder])
{
    Console.Error.WriteLine("用法：OwnerPay.DemoEstate 目录");
    return 2;
}
Directory.CreateDirectory(folder);
foreach (var (name, content) in DemoFiles.All())
{
    File.WriteAllBytes(Path.Combine(folder, name), content);
    Console.WriteLine($"{name}：{content.Length} 字节");
}
return 0;
