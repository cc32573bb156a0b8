using System.Globalization;
using System.Net;
using OriginGuard.Arming;
using Xunit;

namespace OriginGuard.Tests.Arming;

/// <summary>A week of a busy origin in report-only mode: who would break is named, and noise is noise.</summary>
public sealed class ArmingWeekTests
{
    private const int Hours = 7 * 24;
    private const int NoiseAMinute = 100;
    private const int Noise = Hours * 60 * NoiseAMinute; // a little more than a million

    [Fact]
    public async Task A_week_with_seven_planted_callers_three_restarts_and_a_million_requests_of_noise_names_exactly_the_seven()
    {
        await using var world = new ArmingWorld();
        await world.StartAsync();
        var random = new Random(20261128);

        for (var hour = 0; hour < Hours; hour++)
        {
            if (hour is 30 or 75 or 130)
            {
                await world.RestartAsync();
            }

            Plant(world, hour);
            world.Admit(100);
            for (var minute = 0; minute < 60; minute++)
            {
                MakeNoise(world, random);
                world.Clock.Advance(TimeSpan.FromMinutes(1));
            }
        }

        await world.StopAsync();
        var kept = ArmingText.Parse(await File.ReadAllTextAsync(world.Path, TestContext.Current.CancellationToken));
        var report = ArmingReport.Of(kept);

        Assert.Equal("breaks", report.Verdict);
        Assert.Equal(
            [
                "A load balancer of Google without a right secret: secret.mismatch: /orders/{id}",
                "A load balancer of Google without a right secret: secret.missing: /legacy",
                "A machine of a private network: address.outside_ranges,secret.missing: /metrics",
                "Google, from networks of another platform: address.outside_ranges,secret.missing: /healthz",
                "Somebody outside the ranges who knows the secret: address.outside_ranges: /",
                "Somebody who calls itself UptimeRobot: address.outside_ranges,secret.missing: /",
                "This machine: address.outside_ranges,secret.missing: (no route)",
            ],
            report.Breaks.Concat(report.Earlier).Select(static caller => $"{caller.Who}: {string.Join(',', caller.Reasons)}: {string.Join(", ", caller.Routes)}").Order(StringComparer.Ordinal));

        // A partner who calls the origin directly stands against no verdict, and is not lost among a million strangers.
        Assert.Equal(["192.0.2.0/24"], Assert.Single(report.Strangers.Steady).Networks);
        Assert.Equal(Noise + Hours, report.Strangers.Requests);
        Assert.Equal(100 * Hours, report.Admitted);
        Assert.Equal([Hours, Hours, 7, Hours, Hours, Hours, Hours], Counts(report));

        // All its memory is the callers: never more than the tables hold, after a full week of a million strangers.
        Assert.Equal(7 + CallerTable.Most, kept.Callers.Count);
        Assert.InRange(new FileInfo(world.Path).Length, 1, 64 * 1024);
    }

    [Fact]
    public async Task A_whole_application_without_the_header_stays_one_caller()
    {
        await using var world = new ArmingWorld();
        for (var i = 0; i < 500; i++)
        {
            world.Meet(CallerKind.GoogleWithoutSecret, "34.96.1.1", string.Create(CultureInfo.InvariantCulture, $"/r/{i}"), RefusalReason.SecretMissing);
        }

        var caller = Assert.Single(world.Report.Breaks);
        Assert.Equal("and 56 more", caller.Routes[^1]);
    }

    private static IEnumerable<long> Counts(ArmingReport report) => report.Breaks.Concat(report.Earlier)
        .OrderBy(static caller => $"{caller.Who}: {string.Join(',', caller.Reasons)}", StringComparer.Ordinal).Select(static caller => caller.Reported);

    private static void Plant(ArmingWorld world, int hour)
    {
        world.Meet(CallerKind.GoogleWithoutSecret, "34.96.1.1", "/legacy", RefusalReason.SecretMissing);
        world.Meet(CallerKind.GoogleWithoutSecret, "34.96.1.1", "/orders/{id}", RefusalReason.SecretMismatch);
        world.Meet(CallerKind.GoogleElsewhere, "35.191.4.5", "/healthz", RefusalReason.AddressOutsideRanges, RefusalReason.SecretMissing);
        world.Meet(CallerKind.ThisMachine, "127.0.0.1", null, RefusalReason.AddressOutsideRanges, RefusalReason.SecretMissing);
        world.Meet(CallerKind.KnowsSecret, "198.51.100.7", "/", RefusalReason.AddressOutsideRanges);
        world.Meet(CallerKind.NamedAgent, "203.0.113.9", "/", RefusalReason.AddressOutsideRanges, RefusalReason.SecretMissing);
        world.Meet(CallerKind.Stranger, "192.0.2.8", "/hooks/{id}", RefusalReason.AddressOutsideRanges, RefusalReason.SecretMissing);
        if (hour % 24 == 3)
        {
            world.Meet(CallerKind.OwnNetwork, "10.1.2.3", "/metrics", RefusalReason.AddressOutsideRanges, RefusalReason.SecretMissing);
        }
    }

    private static void MakeNoise(ArmingWorld world, Random random)
    {
        Span<byte> address = stackalloc byte[4];
        for (var i = 0; i < NoiseAMinute; i++)
        {
            random.NextBytes(address);
            var route = (i % 3) switch { 0 => "/", 1 => "/{**rest}", _ => null };
            world.Meet(CallerKind.Stranger, new IPAddress(address), route, RefusalReason.AddressOutsideRanges, i % 2 == 0 ? RefusalReason.SecretMissing : RefusalReason.SecretMismatch);
        }
    }
}
