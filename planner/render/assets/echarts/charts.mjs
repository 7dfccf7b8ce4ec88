// The part of Apache ECharts that pages draw with; README.md beside this file says how it is built.
import {use, init, graphic} from "echarts/core";
import {CustomChart, LineChart, ScatterChart} from "echarts/charts";
import {DataZoomComponent, GridComponent, TooltipComponent} from "echarts/components";
import {CanvasRenderer} from "echarts/renderers";

use([CustomChart, LineChart, ScatterChart, DataZoomComponent, GridComponent, TooltipComponent, CanvasRenderer]);

export {init, graphic};
