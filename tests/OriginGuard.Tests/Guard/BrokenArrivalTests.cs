using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using OriginGuard.Guard;
using OriginGuard.TestKit;
using Xunit;

namespace OriginGuard.Tests.Guard;

/// <summary>A request whose headers could not be read to their end has not arrived: an error handler that runs the pipeline again must not find half of it.</summary>
public sealed class BrokenArrivalTests
{
    [Fact]
    public async Task What_could_not_be_read_is_read_again()
    {
        await using var app = await GuardedApp.StartAsync();
        var requests = app.Services.GetRequiredService<GuardedRequests>();
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Features.Get<IHttpRequestFeature>()!.Headers = new BreaksOnce { ["X-Origin-Guard"] = GuardedApp.Secret };
        Assert.Throws<InvalidOperationException>(() => requests.Arrive(context));

        Assert.Equal(GuardedApp.Secret, requests.Of(context).Secret);
        Assert.Empty(context.Request.Headers);
    }

    [SuppressMessage("Design", "CA1010", Justification = "What it lacks nobody asks for.")]
    private sealed class BreaksOnce : IHeaderDictionary
    {
        private readonly HeaderDictionary _headers = [];
        private bool _hasBroken;

        public int Count => _headers.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => _headers.Keys;

        public ICollection<StringValues> Values => _headers.Values;

        public long? ContentLength { get; set; }

        public StringValues this[string key]
        {
            get => _headers[key];
            set => _headers[key] = value;
        }

        public void CopyTo(KeyValuePair<string, StringValues>[] array, int arrayIndex)
        {
            if (!_hasBroken)
            {
                _hasBroken = true;
                throw new InvalidOperationException("These headers break once.");
            }

            _headers.CopyTo(array, arrayIndex);
        }

        public void Add(string key, StringValues value) => _headers.Add(key, value);

        public void Add(KeyValuePair<string, StringValues> item) => _headers.Add(item);

        public void Clear() => _headers.Clear();

        public bool Contains(KeyValuePair<string, StringValues> item) => _headers.Contains(item);

        public bool ContainsKey(string key) => _headers.ContainsKey(key);

        public IEnumerator<KeyValuePair<string, StringValues>> GetEnumerator() => _headers.GetEnumerator();

        public bool Remove(string key) => _headers.Remove(key);

        public bool Remove(KeyValuePair<string, StringValues> item) => _headers.Remove(item);

        public bool TryGetValue(string key, out StringValues value) => _headers.TryGetValue(key, out value);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
