/*
 * How much work something is for this process: in CPU time, since that is what an attacker makes us spend, and the least
 * of several rounds, since whatever else the machine does can only add to it.
 */

/** What one measurement may take, so that something far too dear is found out soon. In microseconds of CPU. */
const BUDGET = 500_000;

/** The least that a call has cost in several rounds, in microseconds; ends early where it has cost no more than `enough`. */
export async function leastCost(
  work: () => Promise<unknown>,
  { rounds = 5, repetitions = 5, enough = 0 }: { rounds?: number; repetitions?: number; enough?: number } = {},
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let spent = 0;
  for (let round = 0; round < rounds && least > enough && spent < BUDGET; round += 1) {
    const { cost, total } = await cpuOf(work, repetitions);
    least = Math.min(least, cost);
    spent += total;
  }
  return least;
}

/** The CPU of one call, on average over so many, and of all of them. */
async function cpuOf(work: () => Promise<unknown>, repetitions: number): Promise<{ cost: number; total: number }> {
  const before = process.cpuUsage();
  let [calls, total] = [0, 0];
  while (calls < repetitions && total < BUDGET) {
    await work();
    calls += 1;
    const { user, system } = process.cpuUsage(before);
    total = user + system;
  }
  return { cost: total / calls, total };
}
