/*
 * How much work something is for this process: in CPU time, since that is what an attacker makes us spend, and the least
 * of several rounds, since whatever else the machine does can only add to it.
 */

/** Microseconds of CPU of one call, on average over so many. */
async function cpuOf(work: () => Promise<unknown>, repetitions: number): Promise<number> {
  const before = process.cpuUsage();
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    await work();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / repetitions;
}

/** The least that a call has cost in several rounds; ends early where it has cost no more than `enough`. */
export async function leastCost(
  work: () => Promise<unknown>,
  { rounds = 5, repetitions = 5, enough = 0 }: { rounds?: number; repetitions?: number; enough?: number } = {},
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && least > enough; round += 1) {
    least = Math.min(least, await cpuOf(work, repetitions));
  }
  return least;
}
