/*
 * The peer of CidrTrie: a poptrie after H. Asai and Y. Ohara, "Poptrie: A Compressed Trie with Population Count for Fast and Scalable Software IP Routing
 * Table Lookup" (SIGCOMM 2015), written anew for this measurement. It says whether an address lies in one of the networks. Direct pointing takes 18 bits,
 * a node 6; equal leaves in a row are kept once (the paper's leafvec).
 *
 *   poptrie <table>     reads networks and addresses, then for each line "<passes>" prints "<nanoseconds for each address> <addresses inside>"
 *
 * The table: width (32 or 128), networks, addresses, each 32 bits; then each network (upper and lower half, 64 bits each, and its length, 32 bits), then each
 * address (two halves). All numbers are the machine's own, addresses stand at the upper end of 128 bits.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef unsigned __int128 address;

enum { DIRECT_BITS = 18, NODE_BITS = 6, NODE_SLOTS = 1 << NODE_BITS };

#define IS_LEAF 0x80000000u

/* A binary trie first: simple to build, and not measured. */
typedef struct { int child[2]; int inside; } branch;

/* Which slots lead to another node, and where a run of equal leaves begins; both kinds stand in a row. */
typedef struct { uint64_t inner, leaf_starts; uint32_t first_leaf, first_node; } node;

static branch *branches;
static node *nodes;
static uint8_t *leaves;
static uint32_t direct[1 << DIRECT_BITS];
static size_t branch_count, branch_room, node_count, node_room, leaf_count, leaf_room;

static void *grown(void *array, size_t needed, size_t *room, size_t size)
{
    if (needed <= *room) return array;
    while (*room < needed) *room = *room ? *room * 2 : 1024;
    array = realloc(array, *room * size);
    if (!array) { perror("poptrie"); exit(1); }
    return array;
}

static int new_branch(void)
{
    branches = grown(branches, branch_count + 1, &branch_room, sizeof *branches);
    branches[branch_count] = (branch){ { -1, -1 }, 0 };
    return (int)branch_count++;
}

static uint32_t new_nodes(size_t count)
{
    nodes = grown(nodes, node_count + count, &node_room, sizeof *nodes);
    node_count += count;
    return (uint32_t)(node_count - count);
}

static void insert(address network, int length)
{
    int at = 0;
    for (int depth = 0; depth < length; depth++) {
        int bit = (int)(network >> (127 - depth)) & 1;
        if (branches[at].child[bit] < 0) { int made = new_branch(); branches[at].child[bit] = made; }
        at = branches[at].child[bit];
    }
    branches[at].inside = 1;
}

static int has_children(int at) { return at >= 0 && (branches[at].child[0] >= 0 || branches[at].child[1] >= 0); }

/* Walks the bits of a slot; at the end -1 where the trie has no branch there, and in inside what holds at that place. */
static int walk(int at, uint32_t slot, int bits, int *inside)
{
    for (int bit = bits - 1; bit >= 0 && at >= 0; bit--) {
        at = branches[at].child[slot >> bit & 1];
        if (at >= 0 && branches[at].inside) *inside = 1;
    }
    return at;
}

static void fill(uint32_t into, int from, int from_inside)
{
    int ends[NODE_SLOTS], inside[NODE_SLOTS], last = -1;
    uint64_t inner = 0, leaf_starts = 0;
    for (int slot = 0; slot < NODE_SLOTS; slot++) {
        inside[slot] = from_inside;
        ends[slot] = walk(from, (uint32_t)slot, NODE_BITS, &inside[slot]);
        if (has_children(ends[slot])) inner |= 1ull << slot;
    }

    uint32_t first_node = new_nodes((size_t)__builtin_popcountll(inner)), first_leaf = (uint32_t)leaf_count, next = first_node;
    for (int slot = 0; slot < NODE_SLOTS; slot++) {
        if (inner >> slot & 1 || inside[slot] == last) continue;
        leaf_starts |= 1ull << slot;
        leaves = grown(leaves, leaf_count + 1, &leaf_room, sizeof *leaves);
        leaves[leaf_count++] = (uint8_t)(last = inside[slot]);
    }

    nodes[into] = (node){ inner, leaf_starts, first_leaf, first_node };
    for (int slot = 0; slot < NODE_SLOTS; slot++)
        if (inner >> slot & 1) fill(next++, ends[slot], inside[slot]);
}

static void build(void)
{
    for (uint32_t slot = 0; slot < 1u << DIRECT_BITS; slot++) {
        int inside = branches[0].inside, end = walk(0, slot, DIRECT_BITS, &inside);
        if (has_children(end)) { uint32_t made = new_nodes(1); direct[slot] = made; fill(made, end, inside); }
        else direct[slot] = IS_LEAF | (uint32_t)inside;
    }
}

static inline int up_to(uint64_t vector, uint32_t slot) { return __builtin_popcountll(vector & ((2ull << slot) - 1)); }

static inline int contains32(uint32_t wanted)
{
    uint32_t entry = direct[wanted >> (32 - DIRECT_BITS)];
    if (entry & IS_LEAF) return (int)(entry & 1);
    const node *at = nodes + entry;
    uint64_t rest = (uint64_t)wanted << (32 + DIRECT_BITS);
    uint32_t slot = (uint32_t)(rest >> (64 - NODE_BITS));
    while (at->inner >> slot & 1) {
        at = nodes + at->first_node + up_to(at->inner, slot) - 1;
        rest <<= NODE_BITS;
        slot = (uint32_t)(rest >> (64 - NODE_BITS));
    }
    return leaves[at->first_leaf + up_to(at->leaf_starts, slot) - 1];
}

static inline int contains128(address wanted)
{
    uint32_t entry = direct[(uint32_t)(wanted >> (128 - DIRECT_BITS))];
    if (entry & IS_LEAF) return (int)(entry & 1);
    const node *at = nodes + entry;
    address rest = wanted << DIRECT_BITS;
    uint32_t slot = (uint32_t)(rest >> (128 - NODE_BITS));
    while (at->inner >> slot & 1) {
        at = nodes + at->first_node + up_to(at->inner, slot) - 1;
        rest <<= NODE_BITS;
        slot = (uint32_t)(rest >> (128 - NODE_BITS));
    }
    return leaves[at->first_leaf + up_to(at->leaf_starts, slot) - 1];
}

static void take(void *into, size_t size, size_t count, FILE *file)
{
    if (fread(into, size, count, file) != count) { fputs("poptrie: the table ends too soon\n", stderr); exit(1); }
}

static address take_address(FILE *file)
{
    uint64_t halves[2];
    take(halves, sizeof *halves, 2, file);
    return (address)halves[0] << 64 | halves[1];
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

int main(int count, char **arguments)
{
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (!file) { fputs("usage: poptrie <table>\n", stderr); return 2; }
    int32_t head[3];
    take(head, sizeof *head, 3, file);
    new_branch();
    for (int32_t i = 0; i < head[1]; i++) {
        address network = take_address(file);
        int32_t length;
        take(&length, sizeof length, 1, file);
        insert(network, length);
    }
    build();

    size_t wanted_count = (size_t)head[2];
    address *wide = malloc(wanted_count * sizeof *wide);
    uint32_t *narrow = malloc(wanted_count * sizeof *narrow);
    if (!wide || !narrow) { perror("poptrie"); return 1; }
    for (size_t i = 0; i < wanted_count; i++) narrow[i] = (uint32_t)((wide[i] = take_address(file)) >> 96);

    char line[32];
    while (fgets(line, sizeof line, stdin)) {
        long passes = strtol(line, NULL, 10), inside = 0;
        double start = now();
        for (long pass = 0; pass < passes; pass++) {
            inside = 0;
            if (head[0] == 32) for (size_t i = 0; i < wanted_count; i++) inside += contains32(narrow[i]);
            else for (size_t i = 0; i < wanted_count; i++) inside += contains128(wide[i]);
            __asm__ volatile("" : "+r"(inside) : : "memory");
        }
        printf("%.4f %ld\n", (now() - start) / (double)passes / (double)wanted_count, inside);
        fflush(stdout);
    }
    return 0;
}
