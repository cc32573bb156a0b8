using System.Net;
using OriginGuard.ForeignText;
using OriginGuard.PublishedLists;
using OriginGuard.Ranges;
using OriginGuard.Tool.Terminal;

namespace OriginGuard.Tool.Ranges;

/// <summary>Compares the answer of Google's record with Google's lists over HTTPS, as the guard does: fetched once a day, or the copy that is built in.</summary>
internal sealed class ListComparison(SourceAddressOptions limits, ToolContext context)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromDays(1);

    // Google may have added a network today.
    private static readonly TimeSpan FreshEnoughForANo = TimeSpan.FromMinutes(1);

    private ListsStatus _lists = ListsStatus.BuiltIn;
    private string? _noted;

    /// <summary>What the lists say; nothing for a record that is not Google's.</summary>
    /// <exception cref="ToolFailure">Fresh lists deny the answer.</exception>
    public async Task<Corroboration> CompareAsync(string record, IEnumerable<IPNetwork> networks, CancellationToken cancellationToken)
    {
        if (!RangeJudge.WantsLists([record], limits))
        {
            return Corroboration.NotAsked;
        }

        await RefreshAsync(Fresh, cancellationToken);
        var said = Ask();
        if (said.Result is Corroboration.Denied && await RefreshAsync(FreshEnoughForANo, cancellationToken))
        {
            said = Ask();
        }

        if (said.Result is Corroboration.Denied)
        {
            throw new ToolFailure($"no ranges from the record {record}. Google's own lists deny the answer: {said.Objection}");
        }

        if (said.Result is not Corroboration.Confirmed)
        {
            await NoteAsync(said);
        }

        return said.Result;

        Corroborated Ask() => Corroborated.By(_lists, networks, limits.MaxAge, context.Time);
    }

    /// <summary>Fetches the lists if they are as old as that; false when they are not.</summary>
    private async Task<bool> RefreshAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        if (_lists.Age(context.Time) < age)
        {
            return false;
        }

        var client = GoogleLists.NewClient(context.Clients, context.Time);
        var (networks, error) = await GoogleLists.FetchAsync(client, limits.GoogleNetworksUri, limits.CloudNetworksUri, cancellationToken);
        _lists = networks is null
            ? _lists with { LastError = error }
            : ListsStatus.Fetched(networks, context.Time);
        return true;
    }

    // Once: a watch would say it with every answer.
    private async Task NoteAsync(Corroborated said)
    {
        var verdict = said.Objection is { } objection ? $"denies the answer: {objection}. Compare it yourself before you use it" : "holds the answer";
        var note = $"note: Google's lists cannot be fetched ({PrintableText.From(_lists.LastError)}). The copy of {_lists.Networks.PublishedAt:yyyy-MM-dd} {verdict}.";
        if (note != _noted)
        {
            _noted = note;
            await context.NoteAsync(note);
        }
    }
}
