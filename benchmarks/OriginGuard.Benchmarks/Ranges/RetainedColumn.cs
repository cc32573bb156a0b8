using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace OriginGuard.Benchmarks.Ranges;

/// <summary>How much of the heap a trie keeps for as long as it lives, the networks that it was built from aside.</summary>
internal sealed class RetainedColumn : IColumn
{
    public string Id => nameof(RetainedColumn);

    public string ColumnName => "Retained";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "What the built trie keeps on the heap";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        var networks = CidrTrieBuildBenchmarks.Networks((NetworkTable)benchmarkCase.Parameters[nameof(CidrTrieBuildBenchmarks.Table)]);
        return string.Create(CultureInfo.InvariantCulture, $"{RetainedSize.Of(networks) / 1024.0:N1} KiB");
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => true;

    public sealed class Config : ManualConfig
    {
        public Config() => AddColumn(new RetainedColumn());
    }
}
