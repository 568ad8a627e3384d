import { memoryUnderTest } from '#test/support/brokers.ts';
import { brokerContract } from './broker.ts';

brokerContract('The in-memory broker', memoryUnderTest);
