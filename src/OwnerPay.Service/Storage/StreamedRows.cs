using MySqlConnector;

namespace OwnerPay.Service.Storage;

/// <summary>Rows as MariaDB reads them from <c>LOAD DATA LOCAL INFILE</c>: ids and seals as raw bytes, and what is the same in all rows said only once.</summary>
/// <remarks>The file's character set is named <c>binary</c>, so that the server copies bytes: our text is UTF-8 as the tables are, and 16 bytes of an
/// id need neither spelling nor parsing. With LOCAL the server makes warnings of its refusals and goes on; here each of them is an error.</remarks>
sealed class StreamedRows(BulkWriter writer) : IBulkBatch
{
    /// <summary>With fewer rows the statement would grow by more than the stream shrinks.</summary>
    const int WorthSayingOnce = 16;
    readonly List<StreamedTable> tables = [];

    public void Add(object row)
    {
        var type = writer.Complete(row);
        var table = tables.Find(each => each.Type == type);
        if (table is null) tables.Add(table = new StreamedTable(type, writer.Rent()));
        table.Add(row);
    }

    public void Close()
    {
        foreach (var table in tables.Where(table => table.Rows >= WorthSayingOnce)) table.SayOnce();
    }

    public async Task Write(CancellationToken cancel)
    {
        Close();
        MySqlError? refused = null;
        void Note(object sender, MySqlInfoMessageEventArgs said) => refused ??= said.Errors.Count > 0 ? said.Errors[0] : null;
        writer.MariaDb.InfoMessage += Note;
        try
        {
            foreach (var table in tables)
            {
                using var told = writer.Command($"LOAD DATA LOCAL INFILE rows INTO TABLE `{table.Name}`");
                await writer.Run(told, table.Name, table.Rows, async () =>
                {
                    var written = await Load(table, told.CommandTimeout, cancel);
                    if (refused is not null) throw new BulkRefusal(table.Name, (int)refused.ErrorCode, refused.Message);
                    return written;
                }, cancel);
            }
        }
        finally { writer.MariaDb.InfoMessage -= Note; }
        foreach (var table in tables) writer.Return(table.Text);
        tables.Clear();
    }

    async Task<int> Load(StreamedTable table, int seconds, CancellationToken cancel)
    {
        var load = new MySqlBulkLoader(writer.MariaDb)
        {
            TableName = $"`{table.Name}`", CharacterSet = "binary", FieldTerminator = "\t", LineTerminator = "\n", EscapeCharacter = '\\', Local = true,
            SourceStream = table.Read(), Timeout = seconds,
        };
        load.Columns.AddRange(table.Columns);
        load.Expressions.AddRange(table.Assignments);
        // On a thread that waits at the socket: the server has nothing to do until it gets the next rows, and a pool that computes lets it wait for milliseconds.
        return await Task.Run(load.Load, cancel);
    }
}
