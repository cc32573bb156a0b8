/*
 * How ranges come into force, stay and go: the supply of one origin with its settings, its DNS, its disk and its clock. RefreshModelTests has SPIN look at every
 * order that these can take, and then at each mistake that a PLANTED_ name puts in. A step here is one lock, one volatile write or one read of the code.
 *
 * Left out: Google's lists (Corroboration is Off), records that include others, the length of pauses, and a second loop of a record that goes and comes back while
 * its first one still ends: here the same loop goes on. -DSLOW_REQUESTS lets a request stay while plans change (without restarts), -DGROWTH lets DNS say too much at
 * once (in the place of what the settings forbid), -DPIECES=2 lets more wait for the disk. With -DTRACE the model does nothing of its own accord: trace.h says what
 * happened to a real origin, and the model shows whether it can have been so.
 */

#ifndef RECORDS
#define RECORDS 2
#endif
#define GOOGLE 0                 /* the record that BuiltInRanges stands for */
#define MORE   1                 /* another one */

/* Networks. None contains another. */
#define NOTHING  0
#define BUILT_IN 1               /* BuiltInRanges */
#define SOME     2
#define WIDE     3               /* more than 16 times as many addresses as SOME: RangeRules.GrowthBreach */
#define PRIVATE  4               /* what AllowNonPublicNetworks is for: RangeRules.FirstBreach */
#define STRANGER 5               /* a peer in none of them */
#define FAILED   NOTHING         /* what DNS says when it says nothing */

/* RangeOrigin, from the worst to the best. */
#define NONE     0
#define STANDS   1
#define SAVED    2
#define RESOLVED 3

/* SourceAddressOptions. */
#define NAMES_GOOGLE  1
#define NAMES_MORE    2
#define LAX           4          /* AllowNonPublicNetworks */
#define USES_BUILT_IN 8
#define INVALID       16         /* what OptionsInForce must not take */
#define names(settings, r)     (((settings) >> (r)) & 1)
#define permits(settings, net) (((net) != PRIVATE || ((settings) & LAX)) && ((net) != BUILT_IN || ((settings) & USES_BUILT_IN)))

/* MaxAge; ages stop there. One step of the clock is as long, so that everything is young or too old. */
#ifndef MAX_AGE
#define MAX_AGE 1
#define AGE bit
#endif

/* RecordRanges, and whether PlannedRanges.Allowed lets them count. What the code does not know: how long ago DNS really said so. */
typedef Part { byte net; byte origin; AGE age; AGE truth; bool allowed };

/* PlannedRanges: of the plan in force and of the next, or of the one before while a request still holds it. */
typedef Plan { byte settings; Part part[RECORDS] };

Plan plans[2];
bit in_force;                    /* GuardPlans._current: the plan of whoever arrives now */
bit current;                     /* CurrentRanges._current */
bool has_next;                   /* CurrentRanges._next */
byte options;                    /* RangeRefresher._options */
#define known plans[current].part[r]

/* SnapshotFile, and the DiskLane with the pieces that wait. */
typedef Entry { byte net; AGE age; AGE truth };
Entry file[RECORDS];
bool disk_rests = true;
#define STAND_IN     0           /* StandInRanges.Use of a reload: which records, under which settings */
#define STAND_IN_NOW 1           /* the same after a drop: under the settings of the moment */
#define SAVE         2
#ifndef PIECES
#define PIECES 1
#endif
chan lane = [PIECES] of { byte, byte, byte };
bool save_waits;                 /* RangeRefresher._saveWaits */

/* RecordRefresh and its RefreshLoop. */
bool running[RECORDS];           /* in RangeRefresher._records */
bool again[RECORDS];             /* Interrupt: the turn is to be given up */
bool resting[RECORDS] = true;
bool judging[RECORDS];           /* an answer is in hand; no time of this clock passes */
bool loop_saw[RECORDS];          /* the part that was read is still there: TryReplace compares references */
bool lane_saw[RECORDS];

/* The surroundings, and the truth about them. */
byte dns[RECORDS];
byte wanted;                     /* the last settings that are valid */
bool reloading;
#define NOBODY 2
byte held = NOBODY;              /* the plan that a request holds */
bool calm;                       /* from now on DNS has one good answer, the disk works and nobody changes anything */

/* What must never be. */
bool unknown_admitted;
bool good_lost;

#ifdef TRACE
byte turns[RECORDS];             /* how many questions DNS was asked until the origin rested again */
byte said[RECORDS];              /* what it said to each of them */
#define may_ask(r) (turns[r] > 0)
inline listen(r_, answer_) { turns[r_]--; answer_ = said[r_] }
inline try_disk(works_) { works_ = true }
#else
#define may_ask(r) true
/* What DNS and the disk say next, at every question. */
inline listen(r_, answer_) {
	if
	:: calm -> answer_ = dns[r_]
	:: !calm -> answer_ = FAILED
	:: !calm -> answer_ = SOME
#ifdef GROWTH
	:: !calm -> answer_ = WIDE
#else
	:: !calm -> answer_ = PRIVATE
#endif
	fi
}
inline try_disk(works_) {
	if
	:: works_ = true
	:: !calm -> works_ = false
	fi
}
#endif

inline put(plan_, r_, net_, origin_, age_, truth_) {
	plans[plan_].part[r_].net = net_;
	plans[plan_].part[r_].origin = origin_;
	plans[plan_].part[r_].age = age_;
	plans[plan_].part[r_].truth = truth_;
#ifdef PLANTED_ANSWER_NOT_JUDGED_BY_THE_PLAN
	plans[plan_].part[r_].allowed = true
#else
	plans[plan_].part[r_].allowed = permits(plans[plan_].settings, net_)
#endif
}

/* CurrentRanges.Take: the plan in force, and the one that is about to follow it. */
inline take(net_, origin_, age_, truth_) {
	loop_saw[r] = false;
	lane_saw[r] = false;
	if
	:: names(plans[current].settings, r) -> put(current, r, net_, origin_, age_, truth_)
	:: else
	fi;
#ifndef PLANTED_NEXT_PLAN_MISSES_AN_ANSWER
	if
	:: has_next && names(plans[1 - current].settings, r) -> put(1 - current, r, net_, origin_, age_, truth_)
	:: else
	fi
#endif
}

/* The same where it is no answer of DNS: nothing worse may replace what the settings permit. */
inline replace(net_, origin_, age_, truth_, under_) {
	if
	:: names(plans[current].settings, r) && origin_ < known.origin && permits(under_, known.net) -> good_lost = true
	:: else
	fi;
	take(net_, origin_, age_, truth_)
}

/* CurrentRanges.TryDrop: out of the plan in force, and not out of the one that is about to follow it, whose settings may permit it. */
inline drop() {
	if
	:: names(plans[current].settings, r) && permits(plans[current].settings, known.net) -> good_lost = true
	:: else
	fi;
#ifdef PLANTED_DROP_REACHES_THE_NEXT_PLAN
	if
	:: has_next && names(plans[1 - current].settings, r) && plans[1 - current].part[r].origin != NONE && permits(plans[1 - current].settings, plans[1 - current].part[r].net) -> good_lost = true
	:: else
	fi;
	take(NOTHING, NONE, 0, 0)
#else
	loop_saw[r] = false;
	lane_saw[r] = false;
	put(current, r, NOTHING, NONE, 0, 0)
#endif
}

inline forget(plan_) {
	plans[plan_].settings = 0;
	for (i : 0 .. RECORDS - 1) {
		plans[plan_].part[i].net = NOTHING;
		plans[plan_].part[i].origin = NONE;
		plans[plan_].part[i].age = 0;
		plans[plan_].part[i].truth = 0;
		plans[plan_].part[i].allowed = false
	}
}

/* RangeSnapshot.Check. */
#define UNDETERMINED 0
#define REFUSED      1
#define ADMITTED     2
inline check(plan_, peer_, verdict_) {
	verdict_ = REFUSED;
	for (i : 0 .. RECORDS - 1) {
		if
		:: !names(plans[plan_].settings, i) || verdict_ == ADMITTED
		:: else ->
			if
			:: plans[plan_].part[i].net == NOTHING || !plans[plan_].part[i].allowed || plans[plan_].part[i].age >= MAX_AGE -> verdict_ = UNDETERMINED
			:: else ->
				if
				:: plans[plan_].part[i].net == peer_ -> verdict_ = ADMITTED
				:: else
				fi
			fi
		fi
	}
#ifdef PLANTED_UNDETERMINED_ADMITS
	if
	:: verdict_ == UNDETERMINED -> verdict_ = ADMITTED
	:: else
	fi
#endif
}

/* Time goes on for everything that grows old. */
#define older(age_, by_) (age_ + by_ < MAX_AGE -> age_ + by_ : MAX_AGE)
inline pass(by_) {
	for (i : 0 .. RECORDS - 1) {
		for (j : 0 .. 1) {
			if
			:: plans[j].part[i].net != NOTHING ->
				plans[j].part[i].age = older(plans[j].part[i].age, by_);
				plans[j].part[i].truth = older(plans[j].part[i].truth, by_)
			:: else
			fi
		}
		if
		:: file[i].net != NOTHING ->
			file[i].age = older(file[i].age, by_);
			file[i].truth = older(file[i].truth, by_)
		:: else
		fi
	}
}

/* RangeJudge.Growth: only beside what DNS has said, and only while that counts. */
#ifdef PLANTED_COMPARES_WITH_WHAT_IS_TOO_OLD
#define grows(r, n) ((n) == WIDE && known.origin >= SAVED && known.net != WIDE)
#else
#define grows(r, n) ((n) == WIDE && known.origin >= SAVED && known.net != WIDE && known.age < MAX_AGE)
#endif

/* RecordRefresh.TakeTurnAsync, and the pause behind it, which may end at any moment: nothing here waits for stand-ins, as if the disk always hung. */
proctype RecordRefresh(byte r) {
	byte asked_under, answer;
end:
	do
	:: atomic { running[r] && may_ask(r) -> again[r] = false; resting[r] = false; asked_under = options };
		atomic {
			if
			:: again[r] || !running[r] -> asked_under = 0; goto rest
			:: else -> listen(r, answer)
			fi;
			answer = (permits(asked_under, answer) && !grows(r, answer) -> answer : FAILED);
			asked_under = 0;
			if
			:: answer != FAILED -> judging[r] = true
			:: else -> goto keep
			fi
		};
		/* Accept */
		atomic {
			take(answer, RESOLVED, 0, 0);
			judging[r] = false;
			answer = FAILED;
			if
			:: !save_waits -> save_waits = true; lane!SAVE(0, 0)
			:: else
			fi;
			goto rest
		};
keep:
		atomic {
#ifdef PLANTED_FAILURE_CLEARS
			replace(NOTHING, NONE, 0, 0, options);
#endif
#ifdef PLANTED_FAILURE_RENEWS
			known.age = 0;
#endif
#ifdef PLANTED_FAILURE_ENDS_THE_LOOP
			false;
#endif
			if
			:: names(plans[current].settings, r) && known.origin != NONE && !permits(options, known.net) -> loop_saw[r] = true
			:: else -> goto rest
			fi
		};
		/* Reviewed */
		atomic {
			if
#ifdef PLANTED_DROPS_BY_FORMER_SETTINGS
			:: loop_saw[r] -> drop(); lane!STAND_IN_NOW((1 << r), 0)
#else
			:: loop_saw[r] && !permits(plans[current].settings, known.net) -> drop(); lane!STAND_IN_NOW((1 << r), 0)
#endif
			:: else
			fi;
			loop_saw[r] = false
		};
rest:
		resting[r] = true
	od
}

#ifdef PLANTED_SNAPSHOT_COMES_BACK_YOUNG
#define saved_age(r) 0
#else
#define saved_age(r) file[r].age
#endif

/* StandInRanges.Use for one record: what it finds, and then, if nothing else came meanwhile, what it puts in force. */
inline find() {
	net = NOTHING;
	if
	:: !names(which, r) || !names(plans[current].settings, r)
	:: else ->
		if
		:: known.origin == STANDS && !(under & USES_BUILT_IN) -> replace(NOTHING, NONE, 0, 0, under)
		:: else
		fi;
		if
		:: known.origin == NONE ->
			lane_saw[r] = true;
			try_disk(works);
			if
			:: works && file[r].net != NOTHING && saved_age(r) < MAX_AGE && permits(under, file[r].net) ->
				net = file[r].net;
				age = saved_age(r);
				truth = file[r].truth
			:: else ->
				net = (r == GOOGLE && permits(under, BUILT_IN) -> BUILT_IN : NOTHING)
			fi
		:: else
		fi
	fi
}
inline bring() {
	if
#ifdef PLANTED_STAND_IN_REPLACES_AN_ANSWER
	:: net != NOTHING ->
#else
	:: net != NOTHING && lane_saw[r] ->
#endif
		replace(net, (net == BUILT_IN -> STANDS : SAVED), age, truth, under)
	:: else
	fi;
	lane_saw[r] = false
}

/* SnapshotFile.Save: what is in force and came from DNS, now or before. */
inline save() {
	save_waits = false;
	try_disk(works);
	for (i : 0 .. RECORDS - 1) {
		if
		:: !works
		:: works && names(plans[current].settings, i) && plans[current].part[i].allowed && plans[current].part[i].origin >= SAVED ->
			file[i].net = plans[current].part[i].net;
			file[i].age = plans[current].part[i].age;
			file[i].truth = plans[current].part[i].truth
		:: else -> file[i].net = NOTHING; file[i].age = 0; file[i].truth = 0
		fi
	}
}

/* One piece after another. */
proctype DiskLane() {
	byte kind, which, under, r, net, i;
	AGE age, truth;
	bool works;
end:
	do
	:: atomic { lane?kind, which, under ->
			if
			:: kind == SAVE -> save(); goto rest
			:: kind == STAND_IN
			:: kind == STAND_IN_NOW -> under = options
			fi;
			disk_rests = false;
			find()
		};
		do
		:: atomic { bring(); r++; net = NOTHING; age = 0; truth = 0; works = false;
				if
				:: r < RECORDS -> find()
				:: else -> break
				fi
			}
		od;
rest:
		atomic { disk_rests = true; kind = 0; which = 0; under = 0; works = false; r = 0; i = 0 }
	od
}

/* CurrentRanges.Prepare. */
inline prepare(settings_) {
	plans[1 - current].settings = settings_;
	has_next = true;
	for (i : 0 .. RECORDS - 1) {
		if
#ifdef PLANTED_RELOAD_FORGETS
		:: false
#else
		:: names(settings_, i) && names(plans[current].settings, i) ->
			put(1 - current, i, plans[current].part[i].net, plans[current].part[i].origin, plans[current].part[i].age, plans[current].part[i].truth);
#ifdef PLANTED_RULES_NOT_ASKED_AGAIN
			plans[1 - current].part[i].allowed = plans[current].part[i].allowed
#endif
#endif
		:: else -> put(1 - current, i, NOTHING, NONE, 0, 0)
		fi
	}
}

/* CurrentRanges.Use. A record that the plan before did not name, or had dropped, is another part, whatever it holds. */
inline use() {
	for (i : 0 .. RECORDS - 1) {
		if
		:: names(plans[0].settings, i) && names(plans[1].settings, i) && !(plans[current].part[i].origin == NONE && plans[1 - current].part[i].origin != NONE) ->
			good_lost = good_lost || (plans[1 - current].part[i].net != plans[current].part[i].net)
		:: else -> loop_saw[i] = false; lane_saw[i] = false
		fi
	}
	current = 1 - current;
	has_next = false;
	if
	:: held != 1 - current -> forget(1 - current)
	:: else
	fi
}

/* RangeRefresher.Use: stand-ins first, then everyone is asked again. */
inline begin_under(settings_) {
	options = settings_;
	for (i : 0 .. RECORDS - 1) {
		running[i] = names(settings_, i);
		again[i] = running[i]
	}
	lane!STAND_IN((settings_ & (NAMES_GOOGLE | NAMES_MORE)), settings_)
}

/* A process begins: nothing is known but what the file holds. */
inline restart(settings_) {
	do
	:: len(lane) > 0 -> lane?_, _, _
	:: else -> break
	od;
	forget(0);
	forget(1);
	in_force = 0;
	current = 0;
	has_next = false;
	save_waits = false;
	plans[0].settings = settings_;
	wanted = settings_;
	begin_under(settings_)
}

/* OptionsInForce.Take, GuardPlans.Publish and what follows, in their order. */
inline reload(settings_) {
	reloading = true;
	prepare(settings_)
}
inline publish(settings_) {
	in_force = 1 - in_force;
	wanted = (settings_ & INVALID -> wanted : settings_);
	use()
}

/* A process may die at any moment. What a turn, a request or a reload has in hand then is lost with its memory, so a death between them shows all there is to see. */
#define between_turns (resting[GOOGLE] && resting[RECORDS - 1] && disk_rests && !reloading && held == NOBODY)

inline choose(settings_) {
	if
	:: settings_ = NAMES_GOOGLE
	:: settings_ = NAMES_GOOGLE | USES_BUILT_IN | LAX
	:: settings_ = NAMES_MORE
	fi
}

proctype Operator() {
	byte next, i;
end:
	do
	:: atomic { !calm && held != 1 - in_force ->
			choose(next);
#ifdef PLANTED_INVALID_RELOAD_TAKEN
			next = NAMES_GOOGLE | LAX | INVALID;
#endif
			reload(next)
		};
		atomic { publish(next) };
		atomic { nfull(lane) -> begin_under(next); reloading = false; next = 0; i = 0 }
	od
}

proctype Clock() {
	byte i, j;
end:
	do
	:: d_step { !judging[GOOGLE] && !judging[RECORDS - 1] -> pass(MAX_AGE); i = 0; j = 0 }
	od
}

/* A request reads one plan on its arrival, and asks that one, however late. */
#ifndef GROWTH
proctype Request() {
	byte under, peer, verdict, i;
	bool trusted;
end:
	do
	:: atomic { held == NOBODY ->
			held = in_force;
			under = wanted
#ifdef SLOW_REQUESTS
		};
		atomic {
#else
			;
#endif
			select (peer : BUILT_IN .. STRANGER);
			check(held, peer, verdict);
			if
			:: verdict == ADMITTED ->
				/* Unless somebody whom the settings name has said so, and not too long ago. */
				trusted = false;
				for (i : 0 .. RECORDS - 1) {
					trusted = trusted || (names(under, i) && plans[held].part[i].net == peer && plans[held].part[i].truth < MAX_AGE)
				}
				unknown_admitted = unknown_admitted || !trusted || !permits(under, peer);
				trusted = false
			:: else
			fi;
			if
			:: held != in_force && !reloading -> forget(held)
			:: else
			fi;
			held = NOBODY;
			under = 0;
			peer = 0;
			verdict = 0;
			i = 0
		}
	od
}
#endif

#ifdef TRACE
/* A row for each thing that happened to a real origin: TracedStep writes them. */
c_decl {
\#include "trace.h"
}
#define RESTS                  0
#define STARTS                 1
#define LOSES_FILE             2
#define RELOADS                3
#define RELOADS_SOMETHING_ELSE 4
#define GROWS_OLD              5
byte row[10];
byte verdict;
short step;

/* Nothing is asked any more, nobody waits for the disk. */
#define rests (turns[GOOGLE] == 0 && turns[MORE] == 0 && resting[GOOGLE] && resting[MORE] && disk_rests && empty(lane))

inline sees(peer_, column_) {
	check(in_force, peer_, verdict);
	verdict == row[column_]
}

init {
	byte i, j, r;
	atomic {
		for (r : 0 .. RECORDS - 1) {
			run RecordRefresh(r)
		}
		r = 0;
		run DiskLane()
	};
	do
	:: c_expr { now.step == STEPS } -> assert(false) /* The whole trace can have been: SPIN says so by an error. */
	:: c_expr { now.step < STEPS } ->
		atomic {
			c_code { memcpy(now.row, trace[now.step], sizeof now.row); };
			turns[GOOGLE] = row[2];
			said[GOOGLE] = row[3];
			turns[MORE] = row[4];
			said[MORE] = row[5];
			if
			:: row[0] == LOSES_FILE ->
				for (i : 0 .. RECORDS - 1) {
					file[i].net = NOTHING;
					file[i].age = 0;
					file[i].truth = 0
				}
			:: else
			fi
		};
		if
		:: row[0] == STARTS -> atomic { restart(row[1]) }
		:: row[0] == RELOADS -> atomic { reload(row[1]) }; atomic { publish(row[1]) }; atomic { begin_under(row[1]); reloading = false }
		:: row[0] == RELOADS_SOMETHING_ELSE -> atomic { reload(row[1]) }; atomic { publish(row[1]); reloading = false }
		:: row[0] == GROWS_OLD -> atomic { pass(MAX_AGE) }
		:: row[0] == RESTS || row[0] == LOSES_FILE
		fi;
		atomic {
			rests;
			sees(BUILT_IN, 6);
			sees(SOME, 7);
			sees(PRIVATE, 8);
			sees(STRANGER, 9);
			c_code { printf("went along with %d\n", now.step); };
			step++;
			i = 0;
			j = 0
		}
	od
}
#else
/* What DNS answers and whether the disk works is open at every question; here is what else can happen to a process. */
init {
	byte i, next, r;
	atomic {
		choose(next);
		restart(next);
		next = 0;
		for (r : 0 .. RECORDS - 1) {
			run RecordRefresh(r)
		}
		r = 0;
		run DiskLane();
		run Operator();
#ifndef GROWTH
		run Request();
#endif
		run Clock()
	};
end:
	do
#ifndef SLOW_REQUESTS
	:: atomic { !calm && between_turns -> choose(next); restart(next); next = 0 }
#endif
	:: atomic { !calm && !reloading && names(wanted, GOOGLE) ->
			if
			:: dns[GOOGLE] = SOME
#ifdef GROWTH
			:: dns[GOOGLE] = WIDE
#endif
			fi;
			calm = true
		}
	od
}

#define noticed (plans[in_force].part[GOOGLE].net == dns[GOOGLE] && plans[in_force].part[GOOGLE].origin == RESOLVED && plans[in_force].part[GOOGLE].allowed)

ltl nothing_unknown { [] !unknown_admitted }
ltl last_known_good { [] !good_lost }
ltl recovery_is_noticed { [] (calm -> <> noticed) }
#endif
