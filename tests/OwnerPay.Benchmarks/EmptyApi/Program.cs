// The least program that answers a request: what a start of anything on this framework costs at least.
var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/", () => "up");
app.Run();
